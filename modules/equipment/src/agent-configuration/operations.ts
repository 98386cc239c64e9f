import { createHash } from 'node:crypto'
import type { AgentConfiguration } from '@throughline/model'
import { getAgentConfiguration } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { canonicalJson } from '@throughline/platform'
import { listConnectionsOfAgent } from '../connection/store.ts'
import { getRevision } from '../plant-model/store.ts'
import { listTagsOfAgent } from '../tag/store.ts'
import { agentTags, assertOwnName } from './rules.ts'

export function registerAgentConfiguration(platform: Platform): void {
  // Every agent asks every few seconds and the answer changes once a week: so it is kept as long as the model stands.
  const kept = new Map<string, { revision: number; configuration: AgentConfiguration }>()

  platform.handle(getAgentConfiguration, async (uow, { agent, known }) => {
    assertOwnName(uow.actor, agent)
    const key = canonicalJson([agent, uow.scopes])
    // Read before the content: should a change come in between, the next question finds a newer revision.
    const revision = await getRevision(uow.trx)
    const found = kept.get(key)
    const configuration = found?.revision === revision ? found.configuration : await configurationOf(uow, agent)
    // Names that no connection knows are not kept: anyone may think of more of them than there is memory.
    if (configuration.connections.length > 0) kept.set(key, { revision, configuration })
    const { version } = configuration
    return { version, configuration: version === known ? null : configuration }
  })
}

async function configurationOf(uow: UnitOfWork, agent: string): Promise<AgentConfiguration> {
  const connections = await listConnectionsOfAgent(uow.trx, agent)
  const tags = agentTags(await listTagsOfAgent(uow.trx, agent, uow.scopes))
  const version = createHash('sha256').update(canonicalJson({ connections, tags })).digest('hex')
  return { version, connections, tags }
}
