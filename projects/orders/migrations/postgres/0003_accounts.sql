CREATE TABLE accounts (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    balance BIGINT NOT NULL CHECK (balance BETWEEN 0 AND 1000000000000)
);

INSERT INTO accounts (user_id, balance) SELECT id, 0 FROM users;

CREATE TABLE transfers (
    key   TEXT PRIMARY KEY,
    payer BIGINT NOT NULL REFERENCES users (id),
    payee BIGINT NOT NULL REFERENCES users (id),
    cents BIGINT NOT NULL CHECK (cents > 0)
);
