-- The step of the recipe that the equipment was at.
alter table alarm.transition add column step_label text;
alter table alarm.occurrence add column step_label text;

-- What a machine made of an acknowledgement that was given here, of an alarm that it raised itself.
create table alarm.machine_answer (
  transition_id uuid primary key references alarm.transition (id),
  definition_id uuid not null references alarm.definition (id),
  occurrence_id uuid not null,
  state text not null check (state in ('asked', 'confirmed', 'refused', 'unanswered')),
  at bigint not null,
  reason text not null
);
create index machine_answer_occurrence on alarm.machine_answer (occurrence_id) where state <> 'confirmed';
