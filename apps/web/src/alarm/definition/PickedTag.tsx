import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Tag } from '@throughline/model'
import type { ReactElement } from 'react'
import { tagsQuery } from '../../door/queries.ts'
import { TagPicker } from '../../equipment/tag/TagPicker.tsx'

interface PickedTagProps {
  readonly label: string
  readonly tagId: Tag['id'] | null
  readonly onPick: (tag: Tag | null) => void
}

/** A tag that is chosen, with the way to choose another or none. */
export function PickedTag({ label, tagId, onPick }: PickedTagProps): ReactElement {
  const { data } = useQuery(tagsQuery)
  const tag = data?.tags.find(({ id }) => id === tagId)
  return (
    <div>
      <p className="performance-bar-label">{label}</p>
      {tagId === null ? (
        <TagPicker label={label} placeholder="Choose a tag" onPick={onPick} />
      ) : (
        <p className="form-line">
          <span>{tag?.path ?? 'a tag outside your scopes'}</span>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`${label}: take it away`}
            onClick={() => onPick(null)}
          >
            Take it away
          </Button>
        </p>
      )}
    </div>
  )
}
