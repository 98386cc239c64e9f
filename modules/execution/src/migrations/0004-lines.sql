-- Several lots may make up what a step asks for of a material: each is an entry of its own, numbered by its line.
drop index execution.step_entry_once;
create unique index step_entry_once
  on execution.step_entry (run_id, step, coalesce(subject, '00000000-0000-0000-0000-000000000000'),
    coalesce((consumed ->> 'line')::integer, 1))
  where corrects is null;
