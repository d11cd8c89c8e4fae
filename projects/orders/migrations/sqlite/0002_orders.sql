CREATE TABLE orders (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id),
    item    TEXT NOT NULL,
    cents   INTEGER NOT NULL CHECK (cents > 0)
);

CREATE INDEX orders_of_a_user ON orders (user_id, id);
