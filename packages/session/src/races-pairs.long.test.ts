import './races-pairs.test.ts';
