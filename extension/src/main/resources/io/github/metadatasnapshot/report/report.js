'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const {databases, versions, texts, cells, outcomes, checks, results} = data;
  // A cell is an array, in the order that ReportHtml writes.
  const DATABASE = 0, CHECK = 1, FROM = 2, TO = 3, PROCEDURE = 4, RESULT = 5, OUTCOME = 6, VERDICT = 7, CAUSE = 8,
    EXPECTED = 9, BECAUSE = 10, MILLIS = 11, MESSAGE = 12, CHECKS = 13, ERRORS = 14, DIFFERENCES = 15, MIGRATIONS = 16,
    FAILURES = 17;
  const n = versions.length;
  const UPGRADE = checks.indexOf('upgrade'), RECOVERY = checks.indexOf('recovery');
  const PASSED = results.indexOf('passed'), FAILED = results.indexOf('failed');
  const INCONCLUSIVE = results.indexOf('inconclusive'), NOT_RUN = results.indexOf('not-run');
  const PAGE = 100, FINDINGS = 12, PAIRS = 60, OTHER_CAUSES = 5;
  const numbers = new Intl.NumberFormat('en');

  const byId = id => document.getElementById(id);
  /** Text only ever comes in as text: what a backup says is never read as HTML. */
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  /** The way back stands beside the upgrade that it leads back from. */
  const isUpgrade = cell => cell[CHECK] === UPGRADE || cell[CHECK] === RECOVERY;
  const isBad = cell => cell[RESULT] === FAILED || cell[RESULT] === INCONCLUSIVE;
  const isDeclared = cell => cell[EXPECTED] > 0;
  const many = (count, one, more = one + 's') => numbers.format(count) + ' ' + (count === 1 ? one : more);
  const time = millis => millis < 1000 ? millis + ' ms'
    : millis < 60000 ? (millis / 1000).toFixed(1) + ' s'
    : millis < 3600000 ? Math.floor(millis / 60000) + ' min ' + Math.floor(millis % 60000 / 1000) + ' s'
    : Math.floor(millis / 3600000) + ' h ' + Math.floor(millis % 3600000 / 60000) + ' min';
  const severity = cell => isBad(cell) ? 4 - (cell[RESULT] === INCONCLUSIVE) : cell[RESULT] === NOT_RUN ? 2 : isDeclared(cell) ? 1 : 0;
  const className = cell => outcomes[cell[OUTCOME]][0] + (isBad(cell) ? ' bad' : isDeclared(cell) ? ' declared' : '');
  const checkName = cell => cell[CHECK] === RECOVERY ? 'recovery' : isUpgrade(cell) ? 'upgrade' : cell[FROM] === cell[TO] ? 'restore into its own version' : 'restore';
  const pairName = cell => cell[FROM] === cell[TO] ? versions[cell[FROM]] : versions[cell[FROM]] + ' → ' + versions[cell[TO]];
  const label = cell => [
    (cell[FROM] === cell[TO] ? versions[cell[FROM]] : versions[cell[FROM]] + ' to ' + versions[cell[TO]]),
    checkName(cell),
    results[cell[RESULT]].replace('-', ' '),
    ...(isUpgrade(cell) || results.includes(outcomes[cell[OUTCOME]][0]) ? [] : [outcomes[cell[OUTCOME]][2]]),
    ...(isDeclared(cell) ? ['declared exception'] : []),
    ...(cell[RESULT] === NOT_RUN ? [] : [time(cell[MILLIS])]),
  ].join(', ');
  const mark = ([id, symbol], className = id) => {
    const made = element('span', 'swatch ' + className, symbol);
    made.setAttribute('aria-hidden', 'true');
    return made;
  };
  const swatch = cell => mark(outcomes[cell[OUTCOME]], className(cell));

  /** Where in the squares a cell is: several cells, if they restore by several procedures. */
  const slot = (database, from, to) => (database * n + from) * n + to;
  const upgrades = new Map(), restores = new Map();
  for (const cell of cells) {
    const slots = isUpgrade(cell) ? upgrades : restores;
    const at = slot(cell[DATABASE], cell[FROM], cell[TO]);
    if (slots.has(at)) slots.get(at).push(cell); else slots.set(at, [cell]);
  }

  // ---- state

  const filter = {text: '', database: -1, results: new Set(), outcomes: new Set()};
  let view = 'upgrades';
  let matching = new Set(cells);
  let listed = [];
  let shown = PAGE;
  const isFiltered = () => filter.text !== '' || filter.database >= 0 || filter.results.size > 0 || filter.outcomes.size > 0;

  const cellsAt = (database, from, to) =>
    (view === 'upgrades' && from < to ? upgrades : restores).get(slot(database, from, to)) || [];

  const match = () => {
    const words = filter.text.toLowerCase();
    const hits = words ? texts.map(text => text.toLowerCase().includes(words)) : [];
    const hit = index => hits[index];
    return new Set(cells.filter(cell =>
      (filter.database < 0 || cell[DATABASE] === filter.database)
      && (filter.results.size === 0 || filter.results.has(cell[RESULT]))
      && (filter.outcomes.size === 0 || filter.outcomes.has(cell[OUTCOME]))
      && (!words
        || (versions[cell[FROM]] + ' → ' + versions[cell[TO]] + ' · ' + databases[cell[DATABASE]] + ' · ' + label(cell)).toLowerCase().includes(words)
        || [PROCEDURE, VERDICT, CAUSE, EXPECTED, BECAUSE, MESSAGE].some(field => hits[cell[field]])
        || [CHECKS, ERRORS, DIFFERENCES, FAILURES].some(field => cell[field].some(hit))
        || cell[MIGRATIONS].some((value, index) => index % 3 < 2 && hits[value]))));
  };

  // ---- squares

  const squares = [];

  const makeSquare = database => {
    const section = element('section', 'square' + (n > 25 ? ' large' : ''));
    section.style.setProperty('--n', n);
    const head = section.appendChild(element('header'));
    const title = head.appendChild(element('h2', '', databases[database]));
    title.id = 'database-' + database;
    const own = cells.filter(cell => cell[DATABASE] === database);
    head.appendChild(element('p', 'quiet', results
      .map((result, index) => [result, own.filter(cell => cell[RESULT] === index)])
      .filter(([, some]) => some.length > 0)
      .map(([result, some]) => numbers.format(some.length) + ' ' + result.replace('-', ' '))
      .join(', ')));
    section.setAttribute('aria-labelledby', title.id);
    const scroll = section.appendChild(element('div', 'scroll'));
    const table = scroll.appendChild(element('table'));
    table.setAttribute('role', 'grid');
    table.setAttribute('aria-readonly', 'true');
    table.setAttribute('aria-label', databases[database] + ', from version by row, to version by column');
    const top = table.appendChild(element('thead')).appendChild(element('tr'));
    const corner = top.appendChild(element('th', 'corner'));
    corner.append('to →', element('br'), 'from ↓');
    const columns = versions.map(version => {
      const column = top.appendChild(element('th'));
      column.scope = 'col';
      column.appendChild(element('span', '', version));
      return column;
    });
    const body = table.appendChild(element('tbody'));
    const square = {database, section, columns, rows: [], grid: [], at: [0, 0]};
    versions.forEach((version, from) => {
      const row = body.appendChild(element('tr'));
      const rowHead = row.appendChild(element('th', '', version));
      rowHead.scope = 'row';
      square.rows.push(rowHead);
      square.grid.push(versions.map((_, to) => {
        const td = row.appendChild(element('td'));
        td.setAttribute('role', 'gridcell');
        td.tabIndex = -1;
        td.at = [from, to];
        return td;
      }));
    });
    if (n > 0) square.grid[0][0].tabIndex = 0;
    const highlight = (at, on) => {
      square.rows[at[0]].classList.toggle('here', on);
      square.columns[at[1]].classList.toggle('here', on);
    };
    table.addEventListener('mouseover', event => {
      const td = event.target.closest('td');
      if (!td) return;
      td.title = td.getAttribute('aria-label');
      highlight(td.at, true);
    });
    table.addEventListener('mouseout', event => {
      const td = event.target.closest('td');
      if (td) highlight(td.at, td === document.activeElement);
    });
    table.addEventListener('focusin', event => {
      const td = event.target.closest('td');
      if (!td) return;
      square.grid[square.at[0]][square.at[1]].tabIndex = -1;
      square.at = td.at;
      td.tabIndex = 0;
      highlight(td.at, true);
    });
    table.addEventListener('focusout', event => {
      const td = event.target.closest('td');
      if (td) highlight(td.at, false);
    });
    table.addEventListener('click', event => {
      const td = event.target.closest('td');
      if (td) openAt(square, td);
    });
    table.addEventListener('keydown', event => move(square, event));
    return square;
  };

  const paint = square => {
    const {database, grid} = square;
    for (let from = 0; from < n; from++) {
      for (let to = 0; to < n; to++) {
        const td = grid[from][to];
        const here = cellsAt(database, from, to);
        const matched = here.filter(cell => matching.has(cell));
        const cell = worst(matched.length > 0 ? matched : here);
        if (!cell) {
          td.className = 'blank' + (from === to ? ' diagonal' : '');
          td.textContent = '';
          td.setAttribute('aria-label', (from === to ? versions[from] : versions[from] + ' to ' + versions[to])
            + ', ' + (view === 'upgrades' && from < to ? 'upgrade' : 'restore') + ', not checked');
          continue;
        }
        td.className = className(cell) + (from === to ? ' diagonal' : '') + (matched.length === 0 ? ' dim' : '');
        td.textContent = outcomes[cell[OUTCOME]][1];
        td.setAttribute('aria-label', label(cell) + (here.length > 1 ? ', and ' + many(here.length - 1, 'other check') : ''));
      }
    }
  };

  const worst = some => some.reduce((a, b) => a && severity(a) >= severity(b) ? a : b, undefined);

  const move = (square, event) => {
    if (event.altKey || event.metaKey) return;
    let [from, to] = square.at;
    const step = n > 25 ? 10 : 5;
    switch (event.key) {
      case 'ArrowUp': from--; break;
      case 'ArrowDown': from++; break;
      case 'ArrowLeft': to--; break;
      case 'ArrowRight': to++; break;
      case 'PageUp': from -= step; break;
      case 'PageDown': from += step; break;
      case 'Home': to = 0; if (event.ctrlKey) from = 0; break;
      case 'End': to = n - 1; if (event.ctrlKey) from = n - 1; break;
      case 'Enter': case ' ':
        event.preventDefault();
        openAt(square, square.grid[from][to]);
        return;
      case 'n': case 'p':
        nextFailure(square, event.key === 'n' ? 1 : -1);
        return;
      default: return;
    }
    event.preventDefault();
    from = Math.max(0, Math.min(n - 1, from));
    to = Math.max(0, Math.min(n - 1, to));
    reveal(square.grid[from][to]);
  };

  const reveal = td => {
    td.focus({preventScroll: true});
    td.scrollIntoView({block: 'nearest', inline: 'nearest'});
  };

  const nextFailure = (square, step) => {
    const [from, to] = square.at;
    for (let i = 1, at = from * n + to; i <= n * n; i++) {
      at = (at + step + n * n) % (n * n);
      const td = square.grid[Math.floor(at / n)][at % n];
      if (td.classList.contains('bad') && !td.classList.contains('dim')) {
        reveal(td);
        return;
      }
    }
  };

  /** As large as all versions fit, within reason. */
  const resize = () => {
    const box = byId('squares');
    const padding = getComputedStyle(box);
    const width = box.clientWidth - parseFloat(padding.paddingLeft) - parseFloat(padding.paddingRight);
    const longest = Math.max(1, ...versions.map(version => version.length));
    const head = 30 + Math.max(longest, 6) * 6.5;
    const smallest = matchMedia('(pointer: coarse), (max-width: 640px)').matches ? 24 : 15;
    const cell = Math.max(smallest, Math.min(n > 25 ? 26 : 34, Math.floor((width - head) / Math.max(1, n)) - 1));
    box.style.setProperty('--cell', cell + 'px');
    box.style.setProperty('--glyph', Math.max(9, Math.round(cell * .48)) + 'px');
  };

  // ---- list

  const byGravity = (a, b) => severity(b) - severity(a);
  const unfolded = new Set();

  /** What the list says of a cell: its gravest failure, which is the same text wherever the cause is the same. */
  const causeOf = cell => cell[FAILURES].length > 0 ? texts[cell[FAILURES][0]]
    : cell[MESSAGE] ? texts[cell[MESSAGE]].trim().split('\n', 1)[0]
    : isDeclared(cell) ? 'declared: ' + texts[cell[BECAUSE]] : '';

  /** Cells that failed alike are one entry; of the others each is one. */
  const group = some => {
    const groups = new Map();
    some.forEach((cell, index) => {
      const key = isBad(cell) && cell[FAILURES].length > 0 ? [isUpgrade(cell), cell[OUTCOME], cell[FAILURES][0]].join() : 'cell ' + index;
      if (groups.has(key)) groups.get(key).cells.push(cell); else groups.set(key, {key, cells: [cell]});
    });
    return [...groups.values()].sort((a, b) => byGravity(a.cells[0], b.cells[0])
      || isBad(a.cells[0]) && b.cells.length - a.cells.length);
  };

  const paintList = () => {
    const groups = group(isFiltered() ? [...matching] : cells.filter(isBad));
    listed = groups.flatMap(each => each.cells);
    byId('list').hidden = listed.length === 0;
    byId('list-title').textContent = (isFiltered() ? many(listed.length, 'match', 'matches') : many(listed.length, 'failure'))
      + (groups.length < listed.length ? ', ' + many(groups.length, isFiltered() ? 'entry' : 'cause', isFiltered() ? 'entries' : 'causes') : '');
    byId('list-rows').replaceChildren(...groups.slice(0, shown).map(each => each.cells.length === 1 ? row(each.cells[0]) : entry(each)));
    const left = groups.length - Math.min(shown, groups.length);
    byId('more').hidden = left === 0;
    byId('more').textContent = 'Show ' + numbers.format(Math.min(PAGE, left)) + ' more of ' + numbers.format(left);
  };

  const row = cell => {
    const item = element('li');
    const button = item.appendChild(element('button', 'cell'));
    button.type = 'button';
    const why = causeOf(cell);
    button.append(
      swatch(cell),
      element('span', 'what', pairName(cell)),
      element('span', 'where', databases[cell[DATABASE]] + ' · ' + (cell[CHECK] === RECOVERY ? 'recovery' : isUpgrade(cell) ? 'upgrade' : 'restore')),
      element('span', 'why', outcomes[cell[OUTCOME]][2] + (why ? ': ' + why : '')),
      element('span', 'time', cell[RESULT] === NOT_RUN ? '' : time(cell[MILLIS])));
    button.addEventListener('click', () => open(cell, button));
    return item;
  };

  /** One cause, and under it each cell as a button, by database. */
  const entry = ({key, cells: some}) => {
    const item = element('li', 'group');
    const head = item.appendChild(element('p', 'cause'));
    head.append(
      swatch(some[0]),
      element('span', 'what', causeOf(some[0])),
      element('span', 'where', (some[0][CHECK] === RECOVERY ? many(some.length, 'recovery', 'recoveries') : many(some.length, isUpgrade(some[0]) ? 'upgrade' : 'restore')) + ' · ' + outcomes[some[0][OUTCOME]][2]));
    const others = new Map();
    some.forEach(cell => cell[FAILURES].slice(1).forEach(failure => others.set(failure, (others.get(failure) || 0) + 1)));
    [...others].sort((a, b) => b[1] - a[1]).slice(0, OTHER_CAUSES).forEach(([failure, count]) =>
      item.appendChild(element('p', 'also', 'also' + (count < some.length ? ', in ' + numbers.format(count) + ' of them' : '') + ': ' + texts[failure])));
    const visible = unfolded.has(key) ? some : some.slice(0, PAIRS);
    databases.forEach((database, index) => {
      const own = visible.filter(cell => cell[DATABASE] === index);
      if (own.length === 0) return;
      const pairs = item.appendChild(element('p', 'pairs'));
      pairs.appendChild(element('span', 'where', database));
      own.forEach(cell => {
        const button = pairs.appendChild(element('button', 'pair', pairName(cell)));
        button.type = 'button';
        button.title = time(cell[MILLIS]);
        button.addEventListener('click', () => open(cell, button));
      });
    });
    if (visible.length < some.length) {
      const rest = item.appendChild(element('button', 'link', 'Show ' + numbers.format(some.length - visible.length) + ' more'));
      rest.type = 'button';
      rest.addEventListener('click', () => {
        unfolded.add(key);
        paintList();
      });
    }
    return item;
  };

  // ---- a cell, opened

  const panel = byId('panel');
  let current, opener, marked;

  const tdOf = cell => squares[cell[DATABASE]].grid[cell[FROM]][cell[TO]];

  const openAt = (square, td) => {
    const here = cellsAt(square.database, ...td.at);
    const cell = worst(here.filter(each => matching.has(each))) || worst(here);
    if (cell) open(cell, td);
  };

  const open = (cell, from) => {
    current = cell;
    if (from) opener = from;
    byId('panel-title').textContent = pairName(cell);
    byId('panel-database').textContent = databases[cell[DATABASE]];
    const at = slot(cell[DATABASE], cell[FROM], cell[TO]);
    const others = [...(upgrades.get(at) || []), ...(restores.get(at) || [])].filter(other => other !== cell);
    byId('panel-body').replaceChildren(...[cell, ...others].map(details));
    byId('panel-body').scrollTop = 0;
    const index = listed.indexOf(cell);
    byId('previous').disabled = listed.length === 0 || index === 0;
    byId('next').disabled = listed.length === 0 || index === listed.length - 1;
    if (marked) marked.classList.remove('open');
    marked = tdOf(cell);
    marked.classList.add('open');
    if (!panel.open) {
      panel.showModal();
      byId('panel-title').focus({preventScroll: true});
    }
    remember('#' + [databases[cell[DATABASE]], checks[cell[CHECK]], versions[cell[FROM]], versions[cell[TO]], texts[cell[PROCEDURE]]]
      .map(encodeURIComponent).join('/'));
  };

  const remember = hash => {
    try {
      history.replaceState(null, '', hash || location.pathname + location.search);
    } catch (denied) {
      // Some viewers of build output forbid it; the page works without.
    }
  };

  const step = by => {
    const index = listed.indexOf(current);
    const next = listed[index < 0 ? 0 : index + by];
    if (next) open(next);
  };

  const details = cell => {
    const part = element('article', 'result ' + outcomes[cell[OUTCOME]][0]);
    const head = part.appendChild(element('header'));
    const [id, , word, meaning] = outcomes[cell[OUTCOME]];
    head.append(swatch(cell), element('h3', '', (isUpgrade(cell) ? 'Upgrade' : 'Restore') + ' ' + results[cell[RESULT]].replace('-', ' ')
      + (isUpgrade(cell) || results.includes(id) ? '' : ': ' + word)));
    if (cell[RESULT] !== NOT_RUN) head.appendChild(element('span', 'time', time(cell[MILLIS])));
    const what = isUpgrade(cell)
      ? 'A database at ' + versions[cell[FROM]] + ', with its backup, migrated to ' + versions[cell[TO]] + '.'
      : 'The backup of ' + versions[cell[FROM]] + ' into '
        + (cell[FROM] === cell[TO] ? 'the database that it is meant for' : 'a database at ' + versions[cell[TO]])
        + (cell[PROCEDURE] ? ', by ' + texts[cell[PROCEDURE]] : '') + '.';
    part.appendChild(element('p', 'quiet', what));
    if (cell[VERDICT]) {
      part.appendChild(element('p', 'note', texts[cell[VERDICT]] + ': ' + meaning + '.'
        + (cell[CAUSE] ? ' Cause: ' + texts[cell[CAUSE]] + '.' : '')));
    }
    if (isDeclared(cell)) {
      part.appendChild(element('p', 'note', 'Declared exception: ' + texts[cell[EXPECTED]] + ', because ' + texts[cell[BECAUSE]]));
    }
    if (cell[MESSAGE]) part.appendChild(element('pre', '', texts[cell[MESSAGE]].replace(/\s+$/, '')));
    const section = (title, values, make) => {
      if (values.length === 0) return;
      part.appendChild(element('h4', '', title));
      make(values);
    };
    section('Checked', cell[CHECKS], values => {
      const list = part.appendChild(element('ul'));
      values.forEach(value => list.appendChild(element('li', '', texts[value])));
    });
    section('Errors', cell[ERRORS], values => values.forEach(value => part.appendChild(element('pre', '', texts[value]))));
    section('Differences', cell[DIFFERENCES], values => values.forEach(value => {
      const pre = part.appendChild(element('pre'));
      texts[value].split('\n').forEach((line, index) => {
        if (index > 0) pre.append('\n');
        const sign = line.trimStart()[0];
        pre.append(element('span', sign === '+' ? 'plus' : sign === '-' ? 'minus' : '', line));
      });
    }));
    section(many(cell[MIGRATIONS].length / 3, 'migration'), cell[MIGRATIONS], values => part.appendChild(migrations(values)));
    return part;
  };

  const migrations = values => {
    const table = element('table', 'migrations');
    const head = table.appendChild(element('thead')).appendChild(element('tr'));
    ['Version', 'Description', '', 'Time'].forEach((name, index) => head.appendChild(element('th', index === 3 ? 'num' : '', name)));
    const body = table.appendChild(element('tbody'));
    let longest = 1;
    for (let i = 2; i < values.length; i += 3) longest = Math.max(longest, values[i]);
    for (let i = 0; i < values.length; i += 3) {
      const row = body.appendChild(element('tr'));
      row.append(element('td', '', texts[values[i]] || 'repeatable'), element('td', '', texts[values[i + 1]]));
      const bar = row.appendChild(element('td', 'bar')).appendChild(element('i'));
      bar.style.width = (100 * values[i + 2] / longest).toFixed(1) + '%';
      row.appendChild(element('td', 'num', time(values[i + 2])));
    }
    return table;
  };

  panel.addEventListener('close', () => {
    if (marked) marked.classList.remove('open');
    remember('');
    // Where the reader went on to, if to another cell: its place in the square.
    const back = opener && opener.isConnected && (opener.tagName !== 'TD' || opener === marked) ? opener : marked;
    if (back) back.focus({preventScroll: back === opener});
  });
  panel.addEventListener('click', event => {
    if (event.target === panel) panel.close();
  });
  panel.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'n') step(1);
    if (event.key === 'p') step(-1);
  });
  byId('close').addEventListener('click', () => panel.close());
  byId('previous').addEventListener('click', () => step(-1));
  byId('next').addEventListener('click', () => step(1));

  const openLinked = () => {
    const parts = location.hash.slice(1).split('/').map(part => {
      try {
        return decodeURIComponent(part);
      } catch (malformed) {
        return part;
      }
    });
    const linked = cells.find(cell => databases[cell[DATABASE]] === parts[0] && checks[cell[CHECK]] === parts[1]
      && versions[cell[FROM]] === parts[2] && versions[cell[TO]] === parts[3] && texts[cell[PROCEDURE]] === (parts[4] || ''));
    if (linked) open(linked, tdOf(linked));
  };

  // ---- filter

  const chip = (into, set, index, text, count, mark) => {
    const button = into.appendChild(element('button', 'chip' + (mark ? '' : ' plain')));
    button.type = 'button';
    button.setAttribute('aria-pressed', 'false');
    if (mark) button.appendChild(mark);
    button.append(element('span', '', text), element('span', 'count', numbers.format(count)));
    button.addEventListener('click', () => {
      if (!set.delete(index)) set.add(index);
      refresh();
    });
    button.update = () => button.setAttribute('aria-pressed', String(set.has(index)));
    return button;
  };
  const chips = [];

  const refresh = () => {
    shown = PAGE;
    matching = isFiltered() ? match() : new Set(cells);
    squares.forEach(square => {
      square.section.hidden = filter.database >= 0 && square.database !== filter.database;
      paint(square);
    });
    chips.forEach(each => each.update());
    byId('reset').hidden = !isFiltered();
    byId('matches').textContent = !isFiltered() ? ''
      : numbers.format(matching.size) + ' of ' + many(cells.length, 'check') + (matching.size === 1 ? ' matches' : ' match') + hiddenMatches();
    paintList();
  };

  /** Matches that the chosen view does not show must not go unseen. */
  const hiddenMatches = () => {
    const hidden = [...matching].filter(cell => cell[FROM] < cell[TO] && isUpgrade(cell) !== (view === 'upgrades')).length;
    return hidden === 0 ? '' : ', of which the picture lacks ' + numbers.format(hidden) + ': choose '
      + (view === 'upgrades' ? 'restores' : 'upgrades') + ' above the diagonal';
  };

  const setUp = () => {
    document.title = data.headline + ' · Compatibility report';
    byId('headline').textContent = data.headline;
    byId('headline').classList.toggle('bad', cells.some(isBad));
    const total = cells.reduce((sum, cell) => sum + cell[MILLIS], 0);
    const started = new Date(data.startedAt);
    byId('scope').textContent = [
      many(databases.length, 'database'),
      n === 0 ? 'no versions' : many(n, 'version') + (n > 1 ? ', ' + versions[0] + ' to ' + versions[n - 1] : ''),
      started.toLocaleString('en-GB', {dateStyle: 'long', timeStyle: 'short'}),
      time(total) + ' of checks',
    ].join(' · ');

    byId('controls').hidden = cells.length === 0;
    const select = byId('database');
    select.append(new Option('All', '-1'), ...databases.map((database, index) => new Option(database, index)));
    const count = (field, value) => cells.reduce((sum, cell) => sum + (cell[field] === value), 0);
    results.forEach((result, index) => {
      const found = count(RESULT, index);
      const outcome = outcomes.find(([id]) => id === result);
      if (found) chips.push(chip(byId('results'), filter.results, index, result.replace('-', ' '), found, outcome && mark(outcome)));
    });
    outcomes.forEach((outcome, index) => {
      const [id, , word, meaning] = outcome;
      const found = count(OUTCOME, index);
      if (found && !results.includes(id)) {
        const made = chip(byId('outcomes'), filter.outcomes, index, word, found, mark(outcome));
        made.title = meaning;
        chips.push(made);
      }
      byId('legend').appendChild(element('dt')).appendChild(mark(outcome));
      byId('legend').appendChild(element('dd', '', word + ': ' + meaning));
    });
    const above = (slots) => [...slots.values()].flat().filter(cell => cell[FROM] < cell[TO] && isBad(cell)).length;
    const failing = (name, slots) => {
      const failed = above(slots);
      byId('view-' + name.toLowerCase()).textContent = name + (failed ? ', ' + numbers.format(failed) + ' failed' : '');
    };
    failing('Upgrades', upgrades);
    failing('Restores', restores);
    if (above(restores) > 0 && above(upgrades) === 0 || upgrades.size === 0) {
      view = 'restores';
      document.querySelector('input[value=restores]').checked = true;
    }

    squares.push(...databases.map((_, database) => makeSquare(database)));
    byId('squares').append(...squares.map(square => square.section));
    if (cells.length === 0) byId('squares').hidden = true;

    let waiting;
    byId('text').addEventListener('input', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        filter.text = byId('text').value.trim();
        refresh();
      }, 120);
    });
    select.addEventListener('change', () => {
      filter.database = Number(select.value);
      refresh();
    });
    document.querySelectorAll('input[name=view]').forEach(input => input.addEventListener('change', () => {
      view = input.value;
      refresh();
    }));
    byId('reset').addEventListener('click', () => {
      byId('text').value = filter.text = '';
      select.value = '-1';
      filter.database = -1;
      filter.results.clear();
      filter.outcomes.clear();
      refresh();
      byId('text').focus();
    });
    byId('more').addEventListener('click', () => {
      const first = shown;
      shown += PAGE;
      paintList();
      byId('list-rows').children[first].querySelector('button').focus();
    });
    addEventListener('resize', resize);
    addEventListener('hashchange', openLinked);
    addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(each => each.open = true));
  };

  const setUpFindings = () => {
    const into = byId('findings');
    const groups = new Map();
    const add = (kind, text) => groups.set(kind, [...(groups.get(kind) || []), text]);
    data.findings.forEach(([kind, text]) => add(kind, text));
    cells.filter(cell => isDeclared(cell) && !isBad(cell)).forEach(cell =>
      add('Declared exceptions', databases[cell[DATABASE]] + ' · ' + pairName(cell) + ': ' + texts[cell[EXPECTED]] + ', because ' + texts[cell[BECAUSE]]));
    data.slow.forEach(text => add('Slow migrations', text));
    data.rewrites.forEach(text => add('Tables that are written anew, which takes long where they are large', text));
    data.notRun.forEach(([reason, tests]) => add('Not run', many(tests, 'test') + ': ' + reason));
    into.hidden = groups.size === 0;
    into.appendChild(element('h2', '', 'Findings'));
    groups.forEach((lines, kind) => {
      into.appendChild(element('h3', '', kind));
      const list = lines => {
        const made = element('ul');
        made.append(...lines.map(line => element('li', '', line)));
        return made;
      };
      into.appendChild(list(lines.slice(0, FINDINGS)));
      if (lines.length > FINDINGS) {
        const rest = into.appendChild(element('details'));
        rest.append(element('summary', '', numbers.format(lines.length - FINDINGS) + ' more'), list(lines.slice(FINDINGS)));
      }
    });
    const environment = byId('environment');
    const pair = ([name, value]) => environment.append(element('dt', '', name), element('dd', '', value));
    data.environment.forEach(pair);
    data.build.forEach(([what, id]) => pair(['content of ' + what, id]));
    pair(['started', data.startedAt]);
  };

  setUp();
  setUpFindings();
  resize();
  refresh();
  openLinked();
})();
