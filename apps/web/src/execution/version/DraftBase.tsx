import type { ReactElement } from 'react'
import { useState } from 'react'
import { Tick } from '../form/Tick.tsx'
import type { BasedVersion } from './version-words.ts'
import { overtakenText } from './version-words.ts'

interface DraftBaseProps {
  /** The version that writing began from. */
  readonly before: BasedVersion | undefined
  readonly isTaken: boolean
  readonly onTaken: (isTaken: boolean) => void
}

/** Says of a draft that another version became effective after the one that it was drawn from, and asks its writer to look. */
function DraftBase({ before, isTaken, onTaken }: DraftBaseProps): ReactElement | null {
  const told = before === undefined ? undefined : overtakenText(before)
  if (told === undefined) return null
  return (
    <div className="screen-note" role="alert">
      {told}
      <Tick
        label={`What version ${before?.overtakenBy} changed is in this draft now`}
        on={isTaken}
        onChange={onTaken}
      />
    </div>
  )
}

/** Which version a draft is said to be drawn from when it is saved, and what its page says about it. */
export function useDraftBase(before: BasedVersion | undefined): {
  readonly drawnFrom: number | null
  readonly notice: ReactElement
} {
  const [isTaken, setTaken] = useState(false)
  return {
    drawnFrom: (isTaken ? before?.overtakenBy : undefined) ?? before?.version ?? null,
    notice: <DraftBase before={before} isTaken={isTaken} onTaken={setTaken} />,
  }
}
