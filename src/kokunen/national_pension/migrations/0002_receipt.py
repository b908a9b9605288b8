"""受付: one aggregate for every form."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('national_pension', '0001_initial')]

    operations = [
        migrations.RenameModel('ReceivedNotice', 'Receipt'),
        migrations.RenameModel('NoticeStep', 'ReceiptStep'),
        migrations.CreateModel(
            name='ReceiptEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_period', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='有効期間')),
                ('recorded_period', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='記録期間')),
                ('recorded_by', models.CharField(max_length=40, verbose_name='記録した職員')),
                ('recorded_reason', models.CharField(blank=True, default='', max_length=200, verbose_name='記録の理由')),
                ('atena_number', models.CharField(max_length=15, verbose_name='宛名番号')),
                ('data', models.JSONField(default=dict, verbose_name='記載事項')),
            ],
            options={
                'verbose_name': '届書の記載',
                'db_table': 'receipt_entry',
            },
        ),
        migrations.CreateModel(
            name='ReceiptPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='書類')),
                ('state', models.CharField(choices=[('seen', '確認・預かり'), ('missing', '不足'), ('waived', '省略')], max_length=8, verbose_name='書類の状況')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='提出期限')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='受領日時')),
                ('settled_by', models.CharField(blank=True, default='', max_length=40, verbose_name='受領した職員')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='内容')),
            ],
            options={
                'verbose_name': '添付書類',
                'db_table': 'receipt_paper',
                'ordering': ['id'],
            },
        ),
        migrations.AlterModelOptions(
            name='receipt',
            options={'verbose_name': '受付'},
        ),
        migrations.AddField(
            model_name='receipt',
            name='about_atena_number',
            field=models.CharField(blank=True, default='', max_length=15, verbose_name='対象者の宛名番号（死亡者など）'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='主管課の確認日時'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='checked_by',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='主管課で確認した職員'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='end_reason',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='取下げの理由'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='follows',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='followed_by', to='national_pension.receipt', verbose_name='前の受付（再申請の元）'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='papers_due_on',
            field=models.DateField(blank=True, null=True, verbose_name='不足書類の提出期限'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='result_note',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='結果の内容'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='result_on',
            field=models.DateField(blank=True, null=True, verbose_name='結果の年月日'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='situation',
            field=models.CharField(blank=True, default='', max_length=30, verbose_name='届出の事情'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='waiting_at',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='処理している機関'),
        ),
        migrations.AddField(
            model_name='receiptstep',
            name='office_code',
            field=models.CharField(blank=True, default='', max_length=20, verbose_name='窓口'),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='kind',
            field=models.CharField(choices=[('F01', '資格取得届'), ('F02', '種別変更届'), ('F03', '資格喪失届'), ('F04', '任意加入申出書'), ('F05', '氏名変更届'), ('F06', '住所変更届'), ('F07', '生年月日・性別変更（訂正）届'), ('F08', '死亡届（被保険者）'), ('F09', '被保険者記録の訂正'), ('F10', '付加保険料納付・納付辞退申出書'), ('F11', '基礎年金番号通知書再交付申請書'), ('F12', '免除・納付猶予申請書'), ('F12b', '免除・納付猶予取消申請書'), ('F13', '学生納付特例申請書'), ('F14', '法定免除該当・消滅届'), ('F15', '産前産後免除該当届'), ('F16', '育児期間免除該当届'), ('F17', '追納申込書'), ('F18', '口座振替・クレジットカード・前納申出書'), ('F20', '老齢基礎年金 年金請求書'), ('F21', '障害基礎年金 年金請求書'), ('F22', '遺族基礎年金 年金請求書'), ('F23', '寡婦年金請求書'), ('F24', '死亡一時金請求書'), ('F25', '未支給年金・未支払給付金請求書'), ('F26', '特別障害給付金請求書'), ('F27', '老齢福祉年金の届・請求書'), ('F28', '年金生活者支援給付金認定請求書'), ('F29', '受給権者の変更届・現況届等'), ('F90', '送付済みの届書の取下げ')], max_length=4, verbose_name='届書の種類'),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='state',
            field=models.CharField(choices=[('10', '受付'), ('20', '補正依頼'), ('30', '審査済'), ('40', '送付待'), ('50', '結果待'), ('60', '返戻'), ('70', '結果承認'), ('71', '結果却下'), ('80', '取下'), ('90', '完了')], default='10', max_length=2, verbose_name='受付状況'),
        ),
        migrations.AlterField(
            model_name='receiptstep',
            name='state',
            field=models.CharField(choices=[('10', '受付'), ('20', '補正依頼'), ('30', '審査済'), ('40', '送付待'), ('50', '結果待'), ('60', '返戻'), ('70', '結果承認'), ('71', '結果却下'), ('80', '取下'), ('90', '完了')], max_length=2, verbose_name='受付状況'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('state__in', ['80', '90']), _negated=True), fields=['received_on', 'id'], name='receipt_open_age'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(condition=models.Q(('about_atena_number', ''), _negated=True), fields=['about_atena_number'], name='receipt_about'),
        ),
        migrations.AlterModelTable(
            name='receipt',
            table='receipt',
        ),
        migrations.AlterModelTable(
            name='receiptstep',
            table='receipt_step',
        ),
        migrations.AddField(
            model_name='receiptentry',
            name='receipt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='entries', to='national_pension.receipt', verbose_name='受付'),
        ),
        migrations.AddField(
            model_name='receiptpaper',
            name='receipt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='papers', to='national_pension.receipt', verbose_name='受付'),
        ),
        migrations.AddIndex(
            model_name='receiptentry',
            index=models.Index(fields=['atena_number'], name='receipt_entry_person'),
        ),
        migrations.AddIndex(
            model_name='receiptpaper',
            index=models.Index(condition=models.Q(('state', 'missing')), fields=['due_on'], name='receipt_paper_missing'),
        ),
    ]
