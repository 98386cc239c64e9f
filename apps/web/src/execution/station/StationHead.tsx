import { Link } from '@tanstack/react-router'
import { List } from 'lucide-react'
import type { ReactElement } from 'react'
import { useStation } from './station-context.ts'
import { WorkHead } from './WorkHead.tsx'

interface StationHeadProps {
  /** What was done last. */
  readonly said: string
  readonly onList: (() => void) | undefined
}

/** Where this is, who works here, and the ways of handing over and leaving. */
export function StationHead({ said, onList }: StationHeadProps): ReactElement {
  const { node, session, handOver } = useStation()
  return (
    <WorkHead
      title={`Work at ${node.name}`}
      session={session}
      said={said}
      onHandOver={handOver}
      firstWay={
        onList === undefined ? null : (
          <button type="button" className="station-tile" onClick={onList}>
            <List size={30} aria-hidden="true" /> List
          </button>
        )
      }
      wayElsewhere={<Link to="/orders">Orders</Link>}
    />
  )
}
