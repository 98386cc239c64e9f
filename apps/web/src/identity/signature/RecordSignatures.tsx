import { Button } from '@mantine/core'
import { ProblemNotice, SignatureBlock } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { Signing } from './use-signing.tsx'

interface RecordSignaturesProps {
  readonly signing: Signing
  /** It is in force: without a signature it was taken over at commissioning, and nobody signs it here any more. */
  readonly isInForce?: boolean
}

/** The signatures of a record where it stands, with the button that signs, or why it does not. */
export function RecordSignatures({ signing, isInForce = false }: RecordSignaturesProps): ReactElement {
  const { preparation, problem, start, starting, sheet } = signing
  if (preparation === undefined) {
    return problem === null ? (
      <p className="tl-dim" aria-busy="true">
        Signatures are being read
      </p>
    ) : (
      <ProblemNotice what="The signatures could not be read" error={problem} />
    )
  }
  const { refusal, steps, signatures } = preparation
  if (isInForce && signatures.length === 0) {
    return <p className="tl-dim">It was not signed here: it was released elsewhere and taken over.</p>
  }
  const isComplete = refusal?.code === 'identity.signature-complete'
  return (
    <>
      <SignatureBlock
        steps={steps}
        signatures={signatures}
        action={
          isComplete ? null : (
            <div className="action-reason">
              <Button onClick={start} loading={starting} disabled={refusal !== null}>
                Sign
              </Button>
              {refusal === null ? null : <span>{refusal.message}.</span>}
            </div>
          )
        }
      />
      {problem === null ? null : <ProblemNotice what="The signatures could not be read anew" error={problem} />}
      {sheet}
    </>
  )
}
