import { Link } from '@tanstack/react-router';
import { BrandMark } from './brand-mark.tsx';
import classes from './home-link.module.css';

/** The name of the house, to its start page. */
export function HomeLink() {
  return (
    <Link to="/" className={classes.home} aria-label="Gatehouse, to the start page">
      <BrandMark size={30} />
      Gatehouse
    </Link>
  );
}
