-- For which special processes equipment is qualified, and until when; signed by whoever grants it.
create table equipment.qualification (
  id uuid primary key,
  node_id uuid not null references equipment.node (id),
  process text not null,
  evidence text not null,
  valid_from bigint not null,
  valid_to bigint check (valid_to > valid_from),
  granted_by text not null,
  granted_at bigint not null,
  revoked_at bigint,
  revoked_by text,
  revoked_reason text,
  check (num_nulls(revoked_at, revoked_by, revoked_reason) in (0, 3))
);
create index qualification_node on equipment.qualification (node_id, lower(process));

-- When equipment was out of service, and why.
create table equipment.outage (
  id uuid primary key,
  node_id uuid not null references equipment.node (id),
  since bigint not null,
  reason text not null,
  begun_by text not null,
  ended_at bigint check (ended_at >= since),
  ended_by text,
  ended_reason text,
  check (num_nulls(ended_at, ended_by, ended_reason) in (0, 3))
);
create unique index outage_once on equipment.outage (node_id) where ended_at is null;
