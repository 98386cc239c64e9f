import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useOpenOutages } from './use-outages.ts'

/** How much equipment is out of service, with the way to it; nothing while all of it is in service. */
export function OutOfServiceLink(): ReactElement | null {
  const open = useOpenOutages()
  if (open === undefined || open.length === 0) return null
  return <Link to="/out-of-service">{open.length} out of service</Link>
}
