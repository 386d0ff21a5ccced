import classes from './login-illustration.module.css';

/** A gatehouse at night. Decorative, and hidden on narrow screens. */
export function LoginIllustration() {
  return (
    <div className={classes.frame} aria-hidden="true">
      <svg viewBox="0 0 800 900" preserveAspectRatio="xMidYMax slice" className={classes.picture}>
        <defs>
          <radialGradient id="login-halo">
            <stop offset="0" className={classes.glow} stopOpacity="0.34" />
            <stop offset="1" className={classes.glow} stopOpacity="0" />
          </radialGradient>
          <linearGradient id="login-hall" x1="0" y1="1" x2="0" y2="0">
            <stop offset="0" stopColor="#f4d694" />
            <stop offset="1" stopColor="#b98a2f" />
          </linearGradient>
        </defs>
        <g className={classes.stars}>
          <circle cx="96" cy="118" r="2.5" />
          <circle cx="206" cy="204" r="2" />
          <circle cx="318" cy="88" r="2" />
          <circle cx="455" cy="172" r="2.5" />
          <circle cx="560" cy="70" r="2" />
          <circle cx="688" cy="150" r="3" />
          <circle cx="742" cy="290" r="2" />
          <circle cx="52" cy="318" r="2" />
        </g>
        <path className={classes.hill} d="M0 640q180-110 400-60t400-40v360H0z" />
        <path
          className={classes.far}
          d="M0 900V628h30v-26h36v26h36v-26h36v26h36v-26h36v26h380v-26h36v26h36v-26h36v26h36v-26h36v26h30v272z"
        />
        <path className={classes.tower} d="M168 900V372h30v-38h36v38h30v-38h36v38h30v528zm302 0V372h30v-38h36v38h30v-38h36v38h30v528z" />
        <path className={classes.wall} d="M316 900V508h20v-28h32v28h16v-28h32v28h16v-28h32v28h20v392z" />
        <circle cx="400" cy="720" r="270" fill="url(#login-halo)" />
        <path fill="url(#login-hall)" d="M336 900V724a64 64 0 0 1 128 0v176z" />
        <path className={classes.arch} d="M336 900V724a64 64 0 0 1 128 0v176" />
        <path
          className={classes.slit}
          d="M242 452a7 7 0 0 1 14 0v50h-14zm302 0a7 7 0 0 1 14 0v50h-14zM242 640a7 7 0 0 1 14 0v50h-14zm302 0a7 7 0 0 1 14 0v50h-14z"
        />
        <path className={classes.chain} d="M400 562v30" />
        <circle className={classes.lantern} cx="400" cy="604" r="12" />
      </svg>
    </div>
  );
}
