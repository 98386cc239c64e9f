-- The list of alarms tells what machines made of acknowledgements, of each occurrence the newest.
create index machine_answer_of on alarm.machine_answer (occurrence_id);
