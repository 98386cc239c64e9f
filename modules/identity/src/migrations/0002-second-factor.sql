-- When the person behind the session last proved who they are.
alter table identity.session add column proved_at bigint;
update identity.session set proved_at = opened_at;
alter table identity.session alter column proved_at set not null;

create table identity.totp (
  id uuid primary key,
  person_id uuid not null references identity.person (id),
  -- AES-256-GCM with the key in the home of the server: needed again for each code.
  sealed_secret text not null,
  made_at bigint not null,
  -- Null until a code of the app has shown that it holds the secret.
  confirmed_at bigint,
  ended_at bigint,
  ended_by text check (ended_by in ('renewal', 'removal', 'reset'))
);
create unique index totp_pending on identity.totp (person_id) where ended_at is null and confirmed_at is null;
create unique index totp_active on identity.totp (person_id) where ended_at is null and confirmed_at is not null;

-- The last time step whose code was accepted: no code is accepted twice (RFC 6238, 5.2).
create table identity.totp_use (
  totp_id uuid primary key references identity.totp (id),
  last_step bigint not null
);

create table identity.recovery_code (
  id uuid primary key,
  totp_id uuid not null references identity.totp (id),
  -- 80 bits from the system's generator: a plain SHA-256 is safe to keep.
  code_hash bytea not null unique,
  made_at bigint not null,
  ended_at bigint,
  ended_by text check (ended_by in ('use', 'renewal', 'removal', 'reset'))
);

create table identity.passkey (
  id uuid primary key,
  person_id uuid not null references identity.person (id),
  name text not null,
  -- As the authenticator says it; a revoked one is kept, so that its use is recognised.
  credential_id text not null unique,
  public_key bytea not null,
  synced boolean not null,
  made_at bigint not null,
  ended_at bigint,
  ended_by text check (ended_by in ('no-longer-used', 'lost', 'reset'))
);
create index passkey_open on identity.passkey (person_id) where ended_at is null;

create table identity.passkey_use (
  passkey_id uuid primary key references identity.passkey (id),
  counter bigint not null,
  last_used_at bigint
);

-- Handed out to a browser, taken back once.
create table identity.challenge (
  challenge text primary key,
  purpose text not null check (purpose in ('register', 'prove')),
  -- Who registers; null = whoever proves themselves with it.
  person_id uuid,
  origin text,
  expires_at bigint not null
);
create index challenge_expiry on identity.challenge (expires_at);

create table identity.sign_in_policy (
  id uuid primary key,
  version integer not null unique check (version > 0),
  second_factor_roles text[] not null,
  max_sessions integer not null,
  idle_timeout_ms bigint,
  absolute_timeout_ms bigint,
  changed_at bigint not null
);

-- What the gate before every password remembers, so that a restart forgets nothing.
create table identity.sign_in_failure (
  kind text not null check (kind in ('pair', 'name', 'origin')),
  gate text not null,
  key text not null,
  failures integer not null,
  not_before bigint not null,
  at bigint not null,
  primary key (gate, kind, key)
);
create index sign_in_failure_age on identity.sign_in_failure (at);
