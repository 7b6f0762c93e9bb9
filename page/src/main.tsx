import { render } from 'preact'
import './style/base.css'
import './style/parts.css'
import { App } from './app.tsx'
import './style/print.css'

const root = document.getElementById('page')
if (root !== null) render(<App />, root)
