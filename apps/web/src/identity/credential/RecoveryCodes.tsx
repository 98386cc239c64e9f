import { Button } from '@mantine/core'
import type { ReactElement } from 'react'
import { useState } from 'react'
import './credential.css'

interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly onKept: () => void
}

/** The recovery codes, on screen this once. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps): ReactElement {
  const [copied, setCopied] = useState<boolean | undefined>(undefined)
  return (
    <div className="recovery">
      <div className="recovery-sheet">
        <h3>Recovery codes of your Throughline account</h3>
        <p>
          Each works once, in place of a code from the app. Keep them where you find them without your phone. They are
          shown only now.
        </p>
        <ol className="recovery-codes" aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
      </div>
      <div className="proof-actions">
        <Button
          variant="default"
          onClick={() => {
            navigator.clipboard.writeText(codes.join('\n')).then(
              () => setCopied(true),
              () => setCopied(false),
            )
          }}
        >
          Copy
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          Print
        </Button>
        <Button onClick={onKept}>I have kept them</Button>
        <span role="status">
          {copied === undefined ? '' : copied ? 'Copied.' : 'The browser did not allow it: select and copy them.'}
        </span>
      </div>
    </div>
  )
}
