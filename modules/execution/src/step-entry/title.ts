import type { Id } from '@throughline/kernel'
import type { InstructionStep, StepEntry, StepValue } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { findInstruction } from '../instruction/store.ts'
import { listPieces } from '../order/store.ts'
import { nameOf } from '../run/rules.ts'
import { getStoredRun } from '../run/store.ts'
import { judge, stepName } from './judge.ts'

/** `Step “Loss of vacuum” of WO-7, operation 10 (Lay up), piece BRK-1: 18 mbar`: what somebody signs who confirms an entry. */
export async function entryTitle(db: Kysely<Tables>, id: string): Promise<string | undefined> {
  const said = await findSaid(db, id)
  if (said === undefined) return undefined
  const run = await getStoredRun(db, said.runId)
  const instruction = run.instructionId === null ? undefined : await findInstruction(db, run.instructionId)
  const step = instruction?.steps.find(({ key }) => key === said.step)
  const piece = said.subject === null ? '' : `, piece ${await codeOf(db, run.orderId, said.subject)}`
  return `Step “${step === undefined ? said.step : stepName(step)}” of ${nameOf(run)}${piece}${answerIn(said, step)}`
}

async function codeOf(db: Kysely<Tables>, orderId: Id<'Order'>, subject: Id<'Lot'>): Promise<string> {
  return (await listPieces(db, orderId)).find(({ id }) => id === subject)?.code ?? subject
}

/** The value, or what a signature covers. */
function answerIn({ value, before, at, limits }: Said, step: InstructionStep | undefined): string {
  if (value === null) return `, with the ${before} ${before === 1 ? 'entry' : 'entries'} before it`
  return step === undefined ? '' : `: ${judge(step, value, at, limits?.unit).words}`
}

/** What is said in an entry, also of a signature that is being made. */
interface Said extends Pick<StepEntry, 'runId' | 'step' | 'subject' | 'at' | 'limits'> {
  /** Null = it is a signature. */
  readonly value: StepValue | null
  /** How many entries stood before it. */
  readonly before: number
}

async function findSaid(db: Kysely<Tables>, id: string): Promise<Said | undefined> {
  const { rows } = await sql<Said>`
    select e.run_id as "runId", e.step, e.subject, e.at, e.limits,
      case when e.value ->> 'type' <> 'signature' then e.value end as value,
      (select count(*) from execution.step_entry b
        left join execution.step_entry later on later.corrects = b.id
        where b.run_id = e.run_id and b.id <> e.id and b.recorded_at <= e.recorded_at
          and (later.id is null or later.recorded_at >= e.recorded_at)) as before
    from execution.step_entry e where e.id = ${id}`.execute(db)
  return rows[0] && { ...rows[0], before: Number(rows[0].before) }
}
