import { Outlet } from 'react-router'
import { useMe } from '../../api/me.js'
import { NotFound } from '../NotFound.js'

/** Pages of administrators; to others there is nothing at their addresses. The server refuses what is behind them anyhow. */
export function AdministratorsOnly() {
  return useMe().administrator ? <Outlet /> : <NotFound />
}
