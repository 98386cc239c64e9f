import { DomainError } from '@throughline/kernel'
import type { Tag } from '@throughline/model'
import { getPhilosophy, getPhilosophyDocument, setPhilosophy } from '@throughline/model'
import type { Database, Platform } from '@throughline/platform'
import { timeTextIn } from '@throughline/platform'
import { listDefinitions } from '../definition/store.ts'
import type { NodeFinder } from '../nodes.ts'
import { isWithin } from '../nodes.ts'
import { philosophyDocument } from './document.ts'
import { assertPhilosophy } from './rules.ts'
import { insertPhilosophy, lockPhilosophy, readPhilosophy } from './store.ts'

export interface PhilosophyOptions {
  /** Nodes of the plant, and its tags with their units: the equipment module's tag directory fits. */
  readonly nodes: NodeFinder & { find(tagId: string): Pick<Tag, 'unit'> | undefined }
  /** Name of the plant, for the document. */
  readonly plantName: string
  /** The time zone of the plant; default UTC. */
  readonly zoneOf?: (db: Database) => Promise<string>
}

export function registerPhilosophy(platform: Platform, options: PhilosophyOptions): void {
  const { nodes, plantName, zoneOf = async () => 'UTC' } = options

  platform.handle(getPhilosophy, (uow) => readPhilosophy(uow.trx))

  platform.handle(setPhilosophy, async (uow, { basedOn, ...input }) => {
    assertPhilosophy(input)
    await lockPhilosophy(uow)
    const { version, recordedBy } = await readPhilosophy(uow.trx)
    if (basedOn !== undefined && basedOn !== version) throw changedMeanwhile(version, recordedBy)
    const philosophy = { ...input, version: version + 1, recordedBy: uow.actor.name, recordedAt: uow.at }
    await insertPhilosophy(uow, philosophy)
    return philosophy
  })

  platform.handle(getPhilosophyDocument, async (uow) => {
    const philosophy = await readPhilosophy(uow.trx)
    const released = await listDefinitions(uow.trx, { state: 'released' })
    const content = await philosophyDocument({
      plant: plantName,
      philosophy,
      definitions: released.filter(({ nodeId }) => isWithin(nodes, nodeId, uow.scopes)),
      isWholePlant: uow.scopes === null,
      pathOf: (nodeId) => nodes.node(nodeId)?.path ?? nodeId,
      unitOf: (tagId) => nodes.find(tagId)?.unit ?? '',
      printedAt: uow.at,
      timeText: timeTextIn(await zoneOf(uow.trx)),
    })
    return { fileName: `alarm-philosophy-v${philosophy.version}.pdf`, content: content.toString('base64') }
  })
}

const changedMeanwhile = (version: number, by: string): DomainError =>
  new DomainError(
    'conflict',
    'alarm.philosophy-changed',
    `Version ${version} of the philosophy, by ${by}, is in force meanwhile: look at it, then change it`,
    { version },
  )
