-- Two people make an account: who invites says how they know the person, somebody else approves.
alter table identity.person drop constraint person_state_check;
alter table identity.person
  add constraint person_state_check check (state in ('awaiting-approval', 'invited', 'active', 'disabled')),
  -- How whoever invited knows that the person is who they say: what was seen, by whom.
  add column identity_checked text,
  add column invited_by text,
  add column invited_by_name text,
  add column approved_by text,
  add column approved_by_name text,
  add column approved_at bigint,
  -- Why nobody had to approve, where nobody did.
  add column approval_exempt text,
  -- Where enabling leads back to.
  add column state_before_disabling text;

-- Null = not known since when.
alter table identity.person_grant add column granted_at bigint;
update identity.person_grant
  set granted_at = person.created_at from identity.person where person.id = person_grant.person_id;

-- The words are checked where they are written: each way of signing in brings ways of ending.
alter table identity.session drop constraint session_ended_by_check;
alter table identity.session
  add column method text,
  add column device text,
  add column locked_at bigint,
  add column ended_reason text;

create table identity.machine_account_use (
  account_id uuid primary key references identity.machine_account (id),
  last_used_at bigint not null
);

create table identity.access_review (
  id uuid primary key,
  state text not null check (state in ('open', 'completed')),
  opened_at bigint not null,
  opened_by text not null,
  opened_by_name text not null,
  completed_at bigint,
  completed_by text,
  completed_by_name text,
  conclusion text
);
-- One at a time: two open reviews of the same accounts would answer each other.
create unique index access_review_open on identity.access_review (state) where state = 'open';

-- What an account held at the moment when the review was opened, and what the reviewer says of it.
create table identity.access_review_line (
  review_id uuid not null references identity.access_review (id),
  account_id uuid not null,
  account_kind text not null check (account_kind in ('person', 'machine')),
  name text not null,
  printed_name text,
  state text not null,
  grants jsonb not null,
  last_seen_at bigint,
  dormant boolean not null,
  decision text check (decision in ('keep', 'change')),
  comment text,
  decided_at bigint,
  decided_by text,
  decided_by_name text,
  primary key (review_id, account_id)
);
