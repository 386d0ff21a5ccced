import './db.test.ts';
