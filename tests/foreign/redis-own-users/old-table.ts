import { scryptSync } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

// What the app had before: a table of its own, with one user.
const database = new DatabaseSync('people.db');
database.exec(`CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, email TEXT NOT NULL, salt TEXT NOT NULL, hash BLOB NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1, epoch INTEGER NOT NULL DEFAULT 0)`);
database
  .prepare('INSERT INTO person (id, name, email, salt, hash) VALUES (?, ?, ?, ?, ?)')
  .run(7, 'Ada', 'ada@example.com', 'pepper', scryptSync('correct horse', 'pepper', 32));
