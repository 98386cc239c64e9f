-- Which steps of a setup file were done, and what each answered; each left an entry of its own in the audit trail.
create table setup.step_done (
  id text primary key,
  operation text not null,
  output jsonb not null,
  at bigint not null
);
