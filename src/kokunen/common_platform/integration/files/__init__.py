"""ファイル連携: CSV with a control file, full (F) or difference (D), both ways (共通機能標準仕様書 2.2 のファイル連携).

`{supplier}_{user}_{dataset}_{F|D}_{yyyymmddHHMMSS}_{seq6}.csv` and, written last, `.ctl`: who sees a control file sees
a whole file. UTF-8 without BOM, CRLF, RFC 4180 quotes, a header line of item ids.
"""
