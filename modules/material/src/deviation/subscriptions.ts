import type { DomainEvents } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { isGone } from '../lot/rules.ts'
import { putStatus } from '../lot/status.ts'
import { lockLotRows, lockLotsUnder, updateLots } from '../lot/store.ts'
import { changed } from '../lot/stored-lot.ts'
import { insertEnd, isEnded, lockDeviation } from './store.ts'

type Opened = DomainEvents['quality.deviation-opened']
type Closed = DomainEvents['quality.deviation-closed']

/** Keeps on each lot which deviations stand open on it. Heard twice, or in the wrong order, they change nothing more. */
export function followDeviations(platform: Platform): void {
  platform.on('quality.deviation-opened', 'material.deviation', open)
  platform.on('quality.deviation-closed', 'material.deviation', close)
}

async function open(uow: UnitOfWork, { deviationId, code, lots }: Opened): Promise<void> {
  await lockDeviation(uow.trx, deviationId)
  if (await isEnded(uow.trx, deviationId)) return
  const found = await lockLotRows(uow.trx, lots)
  const fresh = found.filter(({ openDeviations }) => !openDeviations.includes(code))
  await updateLots(
    uow.trx,
    fresh.map((lot) => changed(lot, { openDeviations: [...lot.openDeviations, code].sort() })),
  )
}

/** Also ends on what was split off or merged meanwhile: it carries the deviation as its lot did. */
async function close(uow: UnitOfWork, { deviationId, code, disposition }: Closed): Promise<void> {
  await lockDeviation(uow.trx, deviationId)
  await insertEnd(uow.trx, deviationId, uow.at)
  const free = (await lockLotsUnder(uow.trx, code)).map((lot) =>
    changed(lot, { openDeviations: lot.openDeviations.filter((each) => each !== code) }),
  )
  await updateLots(uow.trx, free)
  if (disposition !== 'scrap') return
  for (const lot of free) {
    if (isGone(lot) || lot.status === 'rejected') continue
    await putStatus(uow, lot, 'rejected', `scrapped by deviation ${code}`, uow.at)
  }
}
