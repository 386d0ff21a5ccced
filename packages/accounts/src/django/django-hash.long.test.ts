import './django-hash.test.ts';
