import { Button } from '@mantine/core'
import type { ReactElement } from 'react'
import { useState } from 'react'
import './access.css'

interface OnceShownProps {
  /** What it is: `One-time link`. */
  readonly label: string
  readonly text: string
  readonly note: string
}

/** A secret that is on screen this once, to be copied. */
export function OnceShown({ label, text, note }: OnceShownProps): ReactElement {
  const [copied, setCopied] = useState<boolean | undefined>(undefined)
  return (
    <div className="once">
      <p className="once-label">{label}</p>
      <output className="once-text" aria-label={label}>
        {text}
      </output>
      <div className="access-actions">
        <Button
          variant="default"
          onClick={() => {
            navigator.clipboard.writeText(text).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }}
        >
          Copy
        </Button>
        <span role="status">
          {copied === undefined
            ? ''
            : copied
              ? 'Copied.'
              : 'The browser did not allow it: select the text and copy it.'}
        </span>
      </div>
      <p className="tl-dim">{note}</p>
    </div>
  )
}
