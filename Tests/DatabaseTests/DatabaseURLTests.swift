import Database
import Testing

@Suite("Database URLs")
struct DatabaseURLTests {
    @Test(
        "what a person finds the database by holds no password",
        arguments: [
            ("postgresql://shop:S3cr3t@db.example:5432/shop?sslmode=require", "db.example:5432/shop"),
            ("postgresql://db.example/shop?user=shop&password=S3cr3t", "db.example/shop"),
            // All of these signs may stand in a password.
            ("postgresql://shop:S3cr3t?x@db.example/shop", "db.example/shop"),
            ("postgresql://shop:x?y=S3cr3t&z#@db.example/shop?a=b", "db.example/shop"),
            ("postgresql://shop:S3cr3t@\u{301}db.example/shop", "\u{301}db.example/shop"),
            ("postgresql://\u{301}shop:S3cr3t@db.example/shop", "db.example/shop"),
            // These may not, but people write them.
            ("postgresql://shop:a@S3cr3t@db.example/shop", "db.example/shop"),
            ("postgresql://shop:a/S3cr3t@db.example/shop", "db.example/shop"),
            ("host=db.example user=shop password=S3cr3t dbname=shop", "host=db.example dbname=shop"),
            ("host=db.example\tpassword=S3cr3t\ndbname=shop", "host=db.example dbname=shop"),
            ("host = db.example password = S3cr3t", "host = db.example"),
            ("host=db.example password='a S3cr3t' dbname='my shop'", "host=db.example dbname='my shop'"),
            (#"host=db.example password=a\ S3cr3t"#, "host=db.example"),
            (#"host=db.example password='it\'s S3cr3t'"#, "host=db.example"),
            ("host=db.example password='\u{301}S3cr3t' dbname=shop", "host=db.example dbname=shop"),
            ("host=db.example password=http://S3cr3t", "host=db.example"),
            ("host=db.example sslpassword=S3cr3t", "host=db.example"),
            ("host=db.example password='S3cr3t", "host=db.example"),
            ("sqlite:db/shop.sqlite", "sqlite:db/shop.sqlite"), ("sqlite::memory:", "sqlite::memory:"),
        ]
    )
    func place(_ text: String, _ place: String) throws {
        #expect(try DatabaseURL(text).place.utf8.elementsEqual(place.utf8))
    }
}
