-- What orders are still making is planned, and no longer available as material.
update material.lot set planned = true, status = 'planned', version = version + 1
  where status = 'available' and id in (select id from execution.order_subject where state = 'in-work');
update material.lot set planned = true, version = version + 1
  where not planned and status in ('quarantine', 'blocked', 'rejected')
    and id in (select id from execution.order_subject where state = 'in-work');
