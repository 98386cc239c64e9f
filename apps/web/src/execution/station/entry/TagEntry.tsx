import { useQuery } from '@tanstack/react-query'
import { systemClock } from '@throughline/kernel'
import type { Tag } from '@throughline/model'
import { listTags } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { ask as question } from '../../../door/queries.ts'
import { TagValue } from '../../../equipment/tag/TagValue.tsx'
import { useLiveTag, useShown } from '../../../live/live-hooks.ts'
import { useNodes } from '../../../performance/machine/performance-hooks.ts'
import { useStation } from '../station-context.ts'
import { limitText, within } from '../step-limits.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

type TagEntryProps = AnswerProps & { readonly ask: AskOf<'tag'> }

/** What the equipment says at the moment: shown live, and read by the plant itself when it is recorded. */
export function TagEntry(props: TagEntryProps): ReactElement {
  const { ask, run } = props
  const { tree } = useNodes()
  const path = run.nodeId === null ? undefined : tree.byId(run.nodeId)?.path
  const { data, error } = useQuery({
    ...question(listTags, run.nodeId === null ? {} : { nodeId: run.nodeId }),
    staleTime: 60_000,
    enabled: run.nodeId !== null,
  })
  const tag = data?.tags.find((each) => each.path.toLowerCase() === `${path}/${ask.tag}`.toLowerCase())
  if (error !== null && data === undefined) return <ProblemNotice what="The signal could not be read" error={error} />
  if (tag !== undefined) return <LiveEntry {...props} tag={tag} />
  return (
    <AnswerForm {...props} verb="Record" value={() => ({ type: 'tag', value: null, at: systemClock.now() })}>
      <p>{data === undefined ? `${ask.tag} is being read` : `${path ?? 'The equipment'} has no signal ${ask.tag}.`}</p>
    </AnswerForm>
  )
}

function LiveEntry({ tag, ask, ...props }: TagEntryProps & { readonly tag: Tag }): ReactElement {
  const { online } = useStation()
  const { tree } = useNodes()
  const place = tree.byId(tag.nodeId)
  useShown(useMemo(() => [tag.id], [tag.id]))
  const { figure } = useLiveTag(tag.id)
  const value = typeof figure?.value === 'object' ? null : (figure?.value ?? null)
  const limits = limitText(ask, tag.unit)
  return (
    <AnswerForm
      {...props}
      verb="Record the reading"
      outside={typeof value === 'number' && within(value, ask) === false}
      value={() =>
        online
          ? { type: 'tag', value, at: systemClock.now() }
          : 'The plant reads the equipment itself, at the moment: this step waits for the connection.'
      }
    >
      <p className="work-reading">
        <TagValue tag={tag} />
      </p>
      <p>
        {tag.name} of {place?.name ?? tag.path}
        {limits === undefined ? '' : `, ${limits}`}
      </p>
    </AnswerForm>
  )
}
