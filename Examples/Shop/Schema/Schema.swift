public import Database

/// The tables of the shop's application.
public enum ShopSchema {
    /// What creates them, in order.
    public static let statements: [SQL] = [
        """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            email TEXT NOT NULL UNIQUE CHECK (email LIKE '%_@_%'),
            slug TEXT,
            password_hash TEXT,
            created_at TIMESTAMP NOT NULL,
            confirmed_at TIMESTAMP,
            legacy_id BIGINT UNIQUE
        )
        """,
        """
        CREATE TABLE user_profiles (
            id INTEGER PRIMARY KEY,
            user_id BIGINT NOT NULL UNIQUE REFERENCES users,
            bio TEXT,
            location TEXT,
            website TEXT
        )
        """,
        """
        CREATE TABLE user_preferences (
            id INTEGER PRIMARY KEY,
            user_id BIGINT NOT NULL UNIQUE REFERENCES users,
            email_notifications BOOLEAN NOT NULL,
            theme TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE posts (
            id INTEGER PRIMARY KEY,
            user_id BIGINT NOT NULL REFERENCES users,
            title TEXT NOT NULL,
            body TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at TIMESTAMP NOT NULL
        )
        """,
        """
        CREATE TABLE post_comments (
            id INTEGER PRIMARY KEY,
            post_id BIGINT NOT NULL REFERENCES posts,
            user_id BIGINT NOT NULL REFERENCES users,
            body TEXT NOT NULL,
            created_at TIMESTAMP NOT NULL
        )
        """,
        "CREATE INDEX post_comments_post ON post_comments (post_id)",
        "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
        """
        CREATE TABLE post_tags (
            post_id BIGINT NOT NULL REFERENCES posts,
            tag_id BIGINT NOT NULL REFERENCES tags,
            PRIMARY KEY (post_id, tag_id)
        )
        """,
        """
        CREATE TABLE articles (
            id INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            content TEXT NOT NULL,
            author_id BIGINT NOT NULL REFERENCES users,
            status TEXT NOT NULL CHECK (status IN ('draft', 'live', 'archived')),
            published_at TIMESTAMP NOT NULL,
            legacy_post_id BIGINT UNIQUE
        )
        """,
        """
        CREATE TABLE comments (
            id INTEGER PRIMARY KEY,
            article_id BIGINT NOT NULL REFERENCES articles,
            user_id BIGINT NOT NULL REFERENCES users,
            body TEXT NOT NULL,
            created_at TIMESTAMP NOT NULL
        )
        """,
        "CREATE INDEX comments_article ON comments (article_id)",
        """
        CREATE TABLE article_tags (
            article_id BIGINT NOT NULL REFERENCES articles,
            tag_id BIGINT NOT NULL REFERENCES tags,
            PRIMARY KEY (article_id, tag_id)
        )
        """,
        """
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY,
            customer_id BIGINT NOT NULL REFERENCES users,
            total DECIMAL(12, 2) NOT NULL,
            status TEXT NOT NULL,
            created_at TIMESTAMP NOT NULL
        )
        """,
        "CREATE INDEX orders_created_at ON orders (created_at)",
        """
        CREATE TABLE order_items (
            id INTEGER PRIMARY KEY,
            order_id BIGINT NOT NULL REFERENCES orders,
            product_id BIGINT NOT NULL,
            quantity INTEGER NOT NULL,
            price DECIMAL(10, 2) NOT NULL
        )
        """,
        "CREATE INDEX order_items_order ON order_items (order_id)",
        """
        CREATE TABLE archived_orders (
            id INTEGER PRIMARY KEY,
            original_id BIGINT NOT NULL UNIQUE,
            customer_id BIGINT NOT NULL REFERENCES users,
            total DECIMAL(12, 2) NOT NULL,
            status TEXT NOT NULL,
            items JSON NOT NULL,
            created_at TIMESTAMP NOT NULL,
            archived_at TIMESTAMP NOT NULL
        )
        """,
    ]
}
