import type { Gate } from '@throughline/model'
import { Check, Lock } from 'lucide-react'
import type { ReactElement } from 'react'
import { closedGates } from '../order/order-words.ts'

/** Gates in words: the closed ones with what to do, the open ones behind one click. */
export function GateList({ gates }: { readonly gates: readonly Gate[] }): ReactElement {
  const closed = closedGates(gates)
  const open = gates.filter((gate) => gate.open)
  return (
    <>
      {closed.length === 0 ? (
        <p>Every gate is open.</p>
      ) : (
        <ul className="making-gates" aria-label="Closed gates">
          {closed.map((gate) => (
            <GateLine key={`${gate.kind} ${gate.subject}`} gate={gate} />
          ))}
        </ul>
      )}
      {open.length === 0 ? null : (
        <details className="making-open-gates">
          <summary>
            What was looked at: {open.length} open {open.length === 1 ? 'gate' : 'gates'}
          </summary>
          <ul className="making-gates">
            {open.map((gate) => (
              <GateLine key={`${gate.kind} ${gate.subject}`} gate={gate} />
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function GateLine({ gate }: { readonly gate: Gate }): ReactElement {
  const Icon = gate.open ? Check : Lock
  return (
    <li data-open={gate.open}>
      <Icon size={18} aria-hidden="true" />
      <span>
        <span className="tl-hidden">{gate.open ? 'Open: ' : 'Closed: '}</span>
        {gate.message}
        {gate.override === null ? null : <span className="machine-sub">opened by a signed override</span>}
      </span>
    </li>
  )
}
