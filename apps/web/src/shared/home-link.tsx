import { Link } from '@tanstack/react-router';
import { BrandMark } from './brand-mark.tsx';
import classes from './home-link.module.css';

export function HomeLink() {
  return (
    <Link to="/" className={classes.home} aria-label="Gatehouse home">
      <BrandMark size={30} />
      Gatehouse
    </Link>
  );
}
