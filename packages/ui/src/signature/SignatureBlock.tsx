import type { Signature, SigningPreparation } from '@throughline/model'
import type { ReactElement, ReactNode } from 'react'
import { signedTimeText } from './signature-words.ts'
import './signature.css'

interface SignatureBlockProps {
  readonly steps: SigningPreparation['steps']
  readonly signatures: readonly Signature[]
  /** What the reader can do about the next one, or why not. */
  readonly action?: ReactNode
}

/**
 * The signatures of a record: who, what it means, when and why. What is still missing stands as open lines; what a later
 * change made void, or what was altered, stays and says so.
 */
export function SignatureBlock({ steps, signatures, action }: SignatureBlockProps): ReactElement {
  const filled = new Set(steps.flatMap((step) => step.signature?.id ?? []))
  const others = signatures.filter((signature) => !filled.has(signature.id))
  const good = others.filter((signature) => signature.state === 'valid')
  const past = others.filter((signature) => signature.state !== 'valid')
  return (
    <section className="tl-signatures" aria-labelledby="tl-signatures-head">
      <h2 id="tl-signatures-head">Signatures</h2>
      {steps.length === 0 && good.length === 0 ? <p className="tl-dim">Nobody has signed this version.</p> : null}
      <ol className="tl-signature-list" aria-label="Signatures on this version">
        {steps.map((step) =>
          step.signature === null ? (
            <li key={step.meaning} className="tl-signature" data-state={step.state}>
              <span className="tl-signature-meaning">{wanted[step.meaning]}</span>
              <span className="tl-signature-open">
                {step.state === 'next' ? 'Not signed yet: next to sign' : 'Not signed yet: waits for the one before'}
              </span>
            </li>
          ) : (
            <SignatureLine key={step.signature.id} signature={step.signature} />
          ),
        )}
        {good.map((signature) => (
          <SignatureLine key={signature.id} signature={signature} />
        ))}
      </ol>
      {action}
      {past.length === 0 ? null : (
        <>
          <h3>No longer valid</h3>
          <ol className="tl-signature-list" aria-label="Signatures that are no longer valid">
            {past.map((signature) => (
              <SignatureLine key={signature.id} signature={signature} />
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

const wanted: Readonly<Record<Signature['meaning'], string>> = {
  performed: 'Performed',
  verified: 'Verified',
  reviewed: 'Reviewed',
  approved: 'Approved',
  released: 'Released',
}

const stateWord: Readonly<Record<Signature['state'], string>> = {
  valid: '',
  void: 'Void',
  broken: 'Broken',
}

function SignatureLine({ signature }: { readonly signature: Signature }): ReactElement {
  const { state, stateReason } = signature
  const Name = state === 'valid' ? 'strong' : 's'
  return (
    <li className="tl-signature" data-state={state}>
      <span className="tl-signature-meaning">
        {state === 'valid' ? wanted[signature.meaning] : <s>{wanted[signature.meaning]}</s>}
      </span>
      <span className="tl-signature-who">
        <Name>{signature.printedName}</Name>
        <time className="tl-figure" dateTime={signature.localTime}>
          {signedTimeText(signature.localTime)}
        </time>
      </span>
      <span className="tl-signature-why">
        <span>{signature.reason}</span>
        <span className="tl-dim">
          Signed with {signature.components} on record version {signature.version}
        </span>
        {stateReason === null ? null : (
          <span className="tl-signature-state" role={state === 'broken' ? 'alert' : undefined}>
            <strong>{stateWord[state]}.</strong> {stateReason}.
          </span>
        )}
      </span>
    </li>
  )
}
