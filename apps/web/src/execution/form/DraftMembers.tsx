import { Button } from '@mantine/core'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'

interface DraftMembersProps<Member> {
  /** What one of them is called: `option`. */
  readonly noun: string
  readonly members: readonly Member[]
  readonly onChange: (members: Member[]) => void
  /** The n-th new one, from 1. */
  readonly fresh: (number: number) => Member
  readonly fields: (member: Member, number: number, change: (change: Partial<Member>) => void) => ReactElement
  /** Beside the button that takes it away. */
  readonly end?: (member: Member, change: (change: Partial<Member>) => void) => ReactElement
}

/** The options or columns of a step, the parameters of an operation: changed, added and taken away. */
export function DraftMembers<Member>(props: DraftMembersProps<Member>): ReactElement {
  const { noun, members, onChange, fresh, fields, end } = props
  const changeAt =
    (index: number) =>
    (change: Partial<Member>): void =>
      onChange(members.map((each, place) => (place === index ? { ...each, ...change } : each)))
  return (
    <>
      <ol className="draft-members">
        {members.map((member, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: whatever tells them apart is what is being typed
          <li key={index} className="draft-member">
            {fields(member, index + 1, changeAt(index))}
            <div className="draft-member-end">
              {end?.(member, changeAt(index))}
              <button
                type="button"
                className="icon-button"
                aria-label={`Take ${noun} ${index + 1} away`}
                onClick={() => onChange(members.toSpliced(index, 1))}
              >
                <X size={16} aria-hidden="true" />
              </button>
            </div>
          </li>
        ))}
      </ol>
      <div>
        <Button variant="default" size="compact-sm" onClick={() => onChange([...members, fresh(members.length + 1)])}>
          Add {/^[aeiou]/.test(noun) ? 'an' : 'a'} {noun}
        </Button>
      </div>
    </>
  )
}
