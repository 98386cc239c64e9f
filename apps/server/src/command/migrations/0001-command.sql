-- What edge agents were asked to do at machines, and what came of it.
create table command.command (
  id uuid primary key,
  kind text not null,
  agent text,
  body jsonb not null,
  -- What it was made for, once.
  cause text not null unique,
  requested_by text not null,
  requested_at bigint not null,
  expires_at bigint not null,
  state text not null check (state in ('open', 'done', 'refused', 'unanswered')),
  settled_at bigint,
  reason text not null,
  check ((state = 'open') = (settled_at is null)),
  check (state <> 'open' or agent is not null)
);
create index command_open on command.command (requested_at) where state = 'open';
