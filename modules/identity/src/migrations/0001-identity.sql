create table identity.person (
  id uuid primary key,
  -- Never used again, also after the person is disabled: the records of years name people by it.
  name text not null unique,
  printed_name text not null,
  state text not null check (state in ('invited', 'active', 'disabled')),
  -- argon2id in PHC form; null until the person has set a password.
  password_hash text,
  created_at bigint not null,
  disabled_at bigint,
  check (state <> 'active' or password_hash is not null)
);

create table identity.person_grant (
  person_id uuid not null references identity.person (id),
  role text not null,
  -- A node of the equipment module; null = the whole plant.
  node_id uuid,
  unique nulls not distinct (person_id, role, node_id)
);

create table identity.activation_link (
  id uuid primary key,
  person_id uuid not null references identity.person (id),
  token_hash bytea not null unique,
  made_at bigint not null,
  expires_at bigint not null,
  ended_at bigint,
  ended_by text check (ended_by in ('use', 'renewal', 'disabling'))
);
-- However many starts happen at once, a person has one link that works.
create unique index activation_link_open on identity.activation_link (person_id) where ended_at is null;

create table identity.session (
  id uuid primary key,
  person_id uuid not null references identity.person (id),
  token_hash bytea not null unique,
  origin text,
  opened_at bigint not null,
  last_used_at bigint not null,
  absolute_end_at bigint not null,
  ended_at bigint,
  ended_by text check (ended_by in ('sign-out', 'rotation', 'new-password', 'disabling'))
);
create index session_open on identity.session (person_id) where ended_at is null;

create table identity.machine_account (
  id uuid primary key,
  name text not null,
  state text not null check (state in ('active', 'revoked')),
  -- The first characters of the key find the account; the hash of the whole key proves it.
  key_hint text not null unique,
  key_hash bytea not null,
  created_at bigint not null,
  revoked_at bigint
);
create unique index machine_account_active on identity.machine_account (name) where state = 'active';

create table identity.machine_account_grant (
  account_id uuid not null references identity.machine_account (id),
  role text not null,
  node_id uuid,
  unique nulls not distinct (account_id, role, node_id)
);
