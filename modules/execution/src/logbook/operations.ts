import { getCleaning, setCleaning } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { Logbook, LogbookEntry, LogbookReview } from '@throughline/model'
import {
  closeLogbook,
  correctLogbook,
  listLogbookEntries,
  listLogbooks,
  reviewLogbook,
  setLogbook,
  writeLogbook,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { assertVersion } from '../order/rules.ts'
import type { Plant } from '../places.ts'
import { isWithin } from '../places.ts'
import { hashOf } from '../record-hash.ts'
import { assertForms, assertReviewable, assertValues, assertWhyLate, formOf, momentOf } from './rules.ts'
import {
  closeBook,
  getBook,
  getBookEntry,
  insertBookEntry,
  insertReview,
  listBookEntries,
  listBooks,
  listReviews,
  lockBook,
  putBook,
} from './store.ts'

/** More entries than that nobody reviews at once. */
const mostReviewed = 5000

export function registerLogbook(platform: Platform, plant: Plant): void {
  platform.handle(listLogbooks, async (uow, { nodeId, kind }) => {
    if (nodeId !== undefined) await uow.assertWithin(nodeId)
    const books = await listBooks(uow.trx, kind)
    return books.filter(
      (book) =>
        isWithin(plant, book.nodeId, uow.scopes) && (nodeId === undefined || isWithin(plant, book.nodeId, [nodeId])),
    )
  })

  platform.handle(setLogbook, async (uow, { reason, ...book }) => {
    if (plant.node(book.nodeId) === undefined) throw nodeUnknown(book.nodeId)
    assertForms(book.name, book.templates)
    return await putBook(uow.trx, { ...book, id: newId<'Logbook'>(uow.at) }, reason)
  })

  platform.handle(closeLogbook, async (uow, { logbookId, version, reason }) => {
    const book = await openBook(uow, logbookId)
    assertVersion(book.name, book.version, version)
    const closed = await closeBook(uow.trx, logbookId, reason)
    await uow.sign({ kind: 'execution.logbook', id: logbookId })
    return closed
  })

  platform.handle(writeLogbook, async (uow, { logbookId, template, values, text, order, at: told, reason }) => {
    const book = await openBook(uow, logbookId)
    const form = formOf(book, template)
    assertValues(form, values)
    const at = momentOf(told, uow.at)
    assertWhyLate(at, uow.at, reason)
    const entry = await write(uow, { logbookId, template, form, values, text, order, at, corrects: null, reason })
    if (book.kind === 'cleaning' && template === 'clean') await setClean(uow, book, at)
    return entry
  })

  platform.handle(correctLogbook, async (uow, { entryId, values, text, reason }) => {
    const { logbookId } = await getBookEntry(uow.trx, entryId)
    await openBook(uow, logbookId)
    const old = await getBookEntry(uow.trx, entryId)
    if (old.replacedAt !== null) throw replaced(old)
    // By the form that it was made by, whatever the book asks for since.
    assertValues(old.form, values)
    return await write(uow, { ...old, values, text, corrects: entryId, reason })
  })

  platform.handle(listLogbookEntries, async (uow, asked) => {
    const book = await getBook(uow.trx, asked.logbookId)
    await uow.assertWithin(book.nodeId)
    return { ...(await listBookEntries(uow.trx, asked)), reviews: await listReviews(uow.trx, asked) }
  })

  platform.handle(reviewLogbook, async (uow, { logbookId, window: told, comment }) => {
    const book = await lockBook(uow.trx, logbookId)
    await uow.assertWithin(book.nodeId)
    // What is written later was not read.
    const window = { from: told.from, to: told.to > uow.at ? justAfter(uow.at, told.from) : told.to }
    const asked = { logbookId, window, includeReplaced: false, limit: mostReviewed }
    const { entries, total } = await listBookEntries(uow.trx, asked)
    if (total > entries.length) throw tooMany(book, total)
    assertReviewable(book.name, entries, uow.actor.id)
    const review: LogbookReview = {
      ...{ id: newId<'LogbookReview'>(uow.at), logbookId, window, comment, entries: entries.length },
      reviewedBy: uow.actor.name,
      reviewedAt: uow.at,
    }
    await insertReview(uow.trx, review, hashOf(entries))
    await uow.sign({ kind: 'execution.logbook_review', id: review.id })
    return review
  })
}

/** @throws DomainError `conflict` for a book that is closed */
async function openBook(uow: UnitOfWork, id: Logbook['id']): Promise<Logbook> {
  const book = await lockBook(uow.trx, id)
  await uow.assertWithin(book.nodeId)
  if (book.state === 'open') return book
  throw new DomainError(
    'conflict',
    'execution.logbook-closed',
    `${book.name} is closed: nothing is written into it any more. Write into the one after it`,
  )
}

async function write(
  uow: UnitOfWork,
  entry: Omit<LogbookEntry, 'id' | 'number' | 'recordedAt' | 'by' | 'replacedAt'>,
): Promise<LogbookEntry> {
  const id = newId<'LogbookEntry'>(uow.at)
  const by = { id: uow.actor.id, name: uow.actor.name }
  await insertBookEntry(uow.trx, { ...entry, id, recordedAt: uow.at, by })
  return await getBookEntry(uow.trx, id)
}

/** What was cleaned before something that is known already changes nothing of that. */
async function setClean(uow: UnitOfWork, { nodeId }: Logbook, told: LogbookEntry['at']): Promise<void> {
  const at = told > uow.at ? uow.at : told
  const { since } = await getCleaning(uow, nodeId)
  if (since === null || at >= since) await setCleaning(uow, nodeId, 'clean', at, null)
}

/** The end of a stretch that reaches up to now, this instant included. */
const justAfter = (now: LogbookEntry['at'], from: LogbookEntry['at']): LogbookEntry['at'] =>
  (Math.max(now, from) + 1) as LogbookEntry['at']

const nodeUnknown = (nodeId: Id<'EquipmentNode'>): DomainError =>
  new DomainError('not-found', 'equipment.node-unknown', `There is no place ${nodeId}`, { nodeId })

const replaced = ({ id }: LogbookEntry): DomainError =>
  new DomainError('conflict', 'execution.entry-replaced', 'This entry was corrected by another one already', { id })

const tooMany = ({ name }: Logbook, total: number): DomainError =>
  new DomainError(
    'invalid',
    'execution.logbook-too-many',
    `${name} has ${total} entries in this time, more than ${mostReviewed}: review a shorter one`,
  )
