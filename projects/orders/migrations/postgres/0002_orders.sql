CREATE TABLE orders (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    item    TEXT NOT NULL,
    cents   BIGINT NOT NULL CHECK (cents > 0)
);

CREATE INDEX orders_of_a_user ON orders (user_id, id);
