import './many-of-one-user.test.ts';
