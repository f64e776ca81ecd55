-- J5: moves old orders, with their items as a JSON document, to a table of their own.
-- azu:table orders
-- azu:where created_at < '2024-01-01'
INSERT INTO archived_orders (original_id, customer_id, total, status, items, created_at, archived_at)
SELECT o.id, customer_id, total, status,
  coalesce(
    (SELECT jsonb_agg(jsonb_build_object('product_id', product_id, 'quantity', quantity, 'price', price) ORDER BY i.id)
     FROM order_items i WHERE i.order_id = o.id),
    '[]'
  ), created_at, now()
FROM orders o
WHERE {range:o};

DELETE FROM order_items i USING orders o WHERE o.id = i.order_id AND {range:o};

DELETE FROM orders WHERE {range};
