-- Who is proved elsewhere has no password here.
alter table identity.person drop constraint person_check;
alter table identity.person
  add column kind text not null default 'local' check (kind in ('local', 'directory', 'single-sign-on')),
  add constraint person_proof check (state <> 'active' or kind <> 'local' or password_hash is not null);

-- Who a person is elsewhere: never their name or e-mail, which others may get one day.
create table identity.outside_identity (
  person_id uuid primary key references identity.person (id),
  -- The issuer of an OpenID provider, or `ldap:` and the name of a directory.
  source text not null,
  subject text not null,
  since bigint not null,
  unique (source, subject)
);

-- A browser that was sent to a provider and has ten minutes to come back, once.
create table identity.single_sign_on_attempt (
  state_hash bytea primary key,
  browser_hash bytea not null,
  provider text not null,
  nonce text not null,
  code_verifier text not null,
  redirect_uri text not null,
  return_to text not null,
  expires_at bigint not null
);
create index single_sign_on_attempt_expiry on identity.single_sign_on_attempt (expires_at);

-- Which session of the provider stands behind one of ours, so that ending the one ends the other.
create table identity.single_sign_on_session (
  session_id uuid primary key references identity.session (id),
  provider text not null,
  subject text not null,
  sid text,
  id_token text not null,
  base_url text not null
);
create index single_sign_on_session_subject on identity.single_sign_on_session (provider, subject);

-- A logout token works once: one that was kept must not end the sessions of tomorrow.
create table identity.logout_token_use (
  provider text not null,
  jti text not null,
  expires_at bigint not null,
  primary key (provider, jti)
);

create table identity.station (
  id uuid primary key,
  name text not null,
  node_id uuid not null,
  sign_in text[] not null,
  idle_timeout_ms bigint not null,
  -- 256 bits from the system's generator, held by the terminal alone.
  token_hash bytea not null unique,
  state text not null check (state in ('registered', 'retired')),
  registered_at bigint not null,
  retired_at bigint
);
create unique index station_name on identity.station (name) where state = 'registered';

alter table identity.session
  add column station_id uuid references identity.station (id),
  -- A shorter time-out than the plant's; null = the plant's.
  add column idle_timeout_ms bigint;

create table identity.badge (
  id uuid primary key,
  person_id uuid not null references identity.person (id),
  -- Keyed hash of what a reader gives: the numbers of badges are few enough to try them all against a plain one.
  code_hash bytea not null unique,
  ending text not null,
  state text not null check (state in ('active', 'revoked')),
  issued_at bigint not null,
  revoked_at bigint
);
create index badge_person on identity.badge (person_id) where state = 'active';

create table identity.pin (
  person_id uuid primary key references identity.person (id),
  -- argon2id in PHC form.
  pin_hash text not null,
  set_at bigint not null
);

-- Counted apart from the transaction of a sign-in, which takes back what it wrote when it fails.
create table identity.pin_failure (
  person_id uuid primary key references identity.person (id),
  failures integer not null
);
