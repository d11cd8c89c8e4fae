CREATE TABLE accounts (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    balance INTEGER NOT NULL CHECK (balance BETWEEN 0 AND 1000000000000)
);

INSERT INTO accounts (user_id, balance) SELECT id, 0 FROM users;

CREATE TABLE transfers (
    key   TEXT PRIMARY KEY,
    payer INTEGER NOT NULL REFERENCES users (id),
    payee INTEGER NOT NULL REFERENCES users (id),
    cents INTEGER NOT NULL CHECK (cents > 0)
);
