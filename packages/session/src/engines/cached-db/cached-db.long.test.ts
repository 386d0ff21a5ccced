import './cached-db.test.ts';
