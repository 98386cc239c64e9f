-- Events wait here until every subscriber has heard them. Written in the transaction of the change that made them true.
create table platform.outbox (
  seq bigint generated always as identity primary key,
  id uuid not null unique,
  -- Sequence order is not commit order: a reader must stop below pg_snapshot_xmin(pg_current_snapshot()), or it loses
  -- events of transactions that took a lower number and commit later.
  xid xid8 not null default pg_current_xact_id(),
  name text not null,
  at bigint not null,
  -- json, not jsonb: jsonb refuses \u0000 and rewrites numbers; what was told is kept as it was told.
  body json not null,
  delivered boolean not null default false
);
create index outbox_waiting on platform.outbox (seq) where not delivered;

create function platform.notify_outbox() returns trigger language plpgsql as $$
begin
  notify outbox;
  return null;
end
$$;
create trigger outbox_inserted after insert on platform.outbox
  for each statement execute function platform.notify_outbox();

create table platform.idempotency (
  actor text not null,
  key text not null,
  operation text not null,
  input_hash text not null,
  -- Null until the work is done, and for ever when the answer may be shown only once.
  output json,
  at bigint not null,
  primary key (actor, key)
);
create index idempotency_at on platform.idempotency (at);
