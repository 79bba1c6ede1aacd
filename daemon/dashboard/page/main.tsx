import { render } from 'preact';
import { takeKey } from './api.ts';
import { Dashboard } from './dashboard.tsx';

takeKey();
render(<Dashboard />, document.body);
