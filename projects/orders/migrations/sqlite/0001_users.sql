CREATE TABLE users (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    name  TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE
);

CREATE TABLE profiles (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    city    TEXT NOT NULL,
    about   TEXT NOT NULL
);
