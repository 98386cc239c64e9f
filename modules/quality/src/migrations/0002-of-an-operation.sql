-- What names an operation and no piece is found by the operation.
create index inspection_run on quality.inspection (run_id) where lot_id is null and run_id is not null;
create index deviation_run on quality.deviation (run_id) where run_id is not null;
