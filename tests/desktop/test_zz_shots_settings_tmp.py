import os
from dataclasses import replace
from pathlib import Path
import pytest
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.settings.page import SettingsPage
from dispatchwatch.desktop.theme import Scheme
from tests.desktop.settings_office import OFFICE, ENVIRONMENT
from tests.desktop.conftest import *
OUT=Path(os.environ.get('OUT','/tmp/shots')); OUT.mkdir(exist_ok=True)
WANT=os.environ.get('WANT','').split(',') if os.environ.get('WANT') else None

@pytest.fixture
def files(tmp_path, keyring):
    (tmp_path/'dispatchwatch.toml').write_text(OFFICE)
    return OfficeFiles(tmp_path/'dispatchwatch.toml', SecretSource(ENVIRONMENT,tmp_path,lambda: keyring), tmp_path/'dispatchwatch.sqlite')

@pytest.mark.parametrize('scheme,scale,w,h',[(Scheme.LIGHT,1,1200,760),(Scheme.DARK,1,948,560),(Scheme.LIGHT,2,948,560),(Scheme.DARK,1,2400,1300)])
def test_shots(room, qtbot, scheme, scale, w, h):
    room.theme.scheme=scheme; room.theme.enlarge(scale)
    page=SettingsPage(room); qtbot.addWidget(page)
    page.resize(w,h); page.show()
    qtbot.waitUntil(lambda: page.editing.state.edition>0)
    for n,s in enumerate(page.sections):
        if WANT and s.title.split()[0] not in WANT: continue
        page.go(n); qtbot.wait(350)
        page.grab().save(str(OUT/f"{s.title.split()[0]}-{scheme.value}-{scale}-{w}.png"))
