import type { AlarmDefinition } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { definitionStateWords } from '../alarm-words.ts'
import { factsOf } from './definition-facts.ts'
import { useDefinitionNames } from './use-names.ts'

interface DefinitionFactsProps {
  readonly definition: AlarmDefinition
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

/** Everything that one version of an alarm says, and how it came about. */
export function DefinitionFacts({ definition, tree, timeZone }: DefinitionFactsProps): ReactElement {
  const names = useDefinitionNames(tree)
  const { draftedAt, draftedBy, changeReason, releasedAt } = definition
  const facts = [
    { head: 'State', text: definitionStateWords[definition.state] },
    ...factsOf(definition, names),
    { head: 'Drafted', text: `${formatInstant(draftedAt, 'record', timeZone)} by ${draftedBy}: ${changeReason}` },
    { head: 'Released', text: releasedAt === null ? '—' : formatInstant(releasedAt, 'record', timeZone) },
  ]
  return (
    <dl className="stop-facts">
      {facts.map(({ head, text }) => (
        <div key={head} className="alarm-fact">
          <dt>{head}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  )
}
